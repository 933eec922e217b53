"""The Wagtail admin's side: viewsets, panels and menu of what editors work with."""
