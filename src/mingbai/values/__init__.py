"""Plain frozen values that several packages speak of. Standard library only; touches nothing."""
