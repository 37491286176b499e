"""The Chinese commerce kit: pure functions over text with tables of their own; no network, clock or process."""
