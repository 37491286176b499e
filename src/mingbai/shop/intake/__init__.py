"""Files that merchants really have, read into the shop's records; profiles say which column is which field."""
