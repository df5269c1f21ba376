"""When something happens, then ...: rules that managers make, and their log."""
