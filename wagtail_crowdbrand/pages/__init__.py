"""The concrete page types, for sites that use Wagtail's own base page model."""
