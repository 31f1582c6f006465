"""The register of organisations: who they are, whether they are real, who acts for them, who looks alike."""
