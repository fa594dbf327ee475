"""Publishing: someone prepares what becomes public, someone else approves it, and it can be withdrawn with reasons."""
