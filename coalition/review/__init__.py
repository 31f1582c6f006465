"""What waits for a decision, the checks beside it, decisions that join register and endorsement, and notes."""
