"""The AI Act, Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744: one module per article or chapter."""
