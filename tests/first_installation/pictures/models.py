"""A site's own image model, with something every picture must have."""

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Licence(models.Model):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.name


class SitePicture(AbstractImage):
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT)

    admin_form_fields = (*Image.admin_form_fields, "licence")


class SiteRendition(AbstractRendition):
    image = models.ForeignKey(
        SitePicture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
