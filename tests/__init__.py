"""The tests of wagtail-crowdbrand, in the shape of the package they test."""
