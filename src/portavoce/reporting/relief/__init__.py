"""Raw and adjusted: what a month's figures are without the units that accepted reliefs excuse. Always both are shown."""
