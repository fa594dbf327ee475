"""Managing: what waits for whom, where every application stands, which duties come when, and what an administrator sets."""
