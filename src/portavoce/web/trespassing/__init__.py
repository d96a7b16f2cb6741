"""The nightly probe of the pages: asks them for a brand's rows as people who may not see them."""
