"""HTTP in and out. Handlers translate; they decide nothing."""
