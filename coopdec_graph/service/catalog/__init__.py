"""`/catalog`: what the dataset is and how to get it, for catalogues (DCAT-AP 3) and search engines."""
