"""What one can ask of outreach, one module a noun: the only floor that puts workshops together. No Flask, no click."""
