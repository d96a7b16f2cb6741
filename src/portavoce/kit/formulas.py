"""Text that a spreadsheet would take for a formula: led by an apostrophe on the way out, without it on the way in."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """What begins like a formula, or like one that was made harmless before: one more apostrophe, so that `plain` undoes it."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
