"""The shop's own data: records, importers, search, the example shop, export."""
