"""What the public fills in: the same validators for every door."""

from wagtail_crowdbrand.forms.idea import IdeaForm
from wagtail_crowdbrand.forms.notice import AppealForm, NoticeForm
from wagtail_crowdbrand.forms.person import PersonForm, ResumeForm, SendForm
from wagtail_crowdbrand.forms.pictures import (
    PictureList,
    answers_from_post,
    stays_on_page,
)

__all__ = [
    "AppealForm",
    "IdeaForm",
    "NoticeForm",
    "PersonForm",
    "PictureList",
    "ResumeForm",
    "SendForm",
    "answers_from_post",
    "stays_on_page",
]
