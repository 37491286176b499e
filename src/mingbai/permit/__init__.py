"""May this be asked, seen, done? Thin so far: own rows only. Policy, masks, vault and consent come here."""
