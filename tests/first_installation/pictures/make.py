"""What ``CREATE_IMAGE`` names: a contributor's picture becomes one of the site's."""

from io import BytesIO
from secrets import token_hex

from django.core.files.images import ImageFile
from pictures.models import Licence, SitePicture


def create_image(upload, *, title, alt):
    licence, _made = Licence.objects.get_or_create(name="Contributed")
    with upload.file.open("rb") as source:
        content = ImageFile(BytesIO(source.read()), name=f"cb-{token_hex(16)}.jpg")
    return SitePicture.objects.create(
        title=title, description=alt, file=content, licence=licence
    )
