"""Portavoce: customer care by one provider for many brands, on one ledger of facts."""
