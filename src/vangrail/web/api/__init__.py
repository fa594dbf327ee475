"""The API in the style of the Belgian REST guide: the public register to read, and measurements that a pipeline pushes."""
