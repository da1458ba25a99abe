"""What `python -m scripts.make_reference_data` does, part by part; none of it needs the network
but `packages.fetch`."""
