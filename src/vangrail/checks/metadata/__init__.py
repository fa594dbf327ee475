"""Are the data sets described in a form that other programs can read, and is what must be in it there?"""
