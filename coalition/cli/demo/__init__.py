"""The demonstration: the real joint letter of 24 February 2016, taken down the whole road by the real pages."""
