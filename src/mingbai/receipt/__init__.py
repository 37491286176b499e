"""What was asked, read, shown and answered, written down before the answer ends. Thin so far: no signature, no proofs."""
