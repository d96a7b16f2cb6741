"""Owns what a brand's agents may say ready-made: snippets. Articles and scripts come beside them."""
