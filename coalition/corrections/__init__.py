"""What became of an edition: how two differ, the corrigendum between them, and who is told. The editions themselves,
and whether their files are handed out, are in `documents`."""
