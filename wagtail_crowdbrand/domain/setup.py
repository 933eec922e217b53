"""What a site needs before its first campaign: group, workflow, collection."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Site, Workflow, WorkflowContentType, WorkflowTask

from wagtail_crowdbrand.domain import permissions, pictures, reasons
from wagtail_crowdbrand.models import ModerationTask, Submission

GROUP = "Campaign moderators"
WORKFLOW = "Moderation of submissions"
#: What the group gets besides deciding, which is a matter of its workflow.
PERMISSIONS = (
    "add_moderationreason",
    "change_moderationreason",
    "change_contributor",
)


@transaction.atomic
def set_up() -> list[str]:
    """Make what is missing and touch nothing else. Returns a sentence for each."""
    done = []
    group, made = Group.objects.get_or_create(name=GROUP)
    group.permissions.add(*_moderators_permissions())
    done.append(_said(made, _("group “%(name)s”") % {"name": GROUP}))
    done.append(_set_up_workflow(group))
    done += [
        _said(True, _("reason “%(name)s”") % {"name": code})
        for code in reasons.set_up()
    ]
    collection = pictures.public_collection()
    values = {"name": collection.name}
    done.append(_said(None, _("picture collection “%(name)s”") % values))
    addresses = ", ".join(site.root_url for site in Site.objects.all())
    done.append(
        _("Links in mails begin with: %(addresses)s") % {"addresses": addresses}
    )
    return done


def _moderators_permissions() -> QuerySet[Permission]:
    """The admin, the list of reasons, and what is decided about people."""
    admin = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    ours = Q(content_type__app_label="wagtail_crowdbrand", codename__in=PERMISSIONS)
    return Permission.objects.filter(admin | ours)


def _set_up_workflow(group: Group) -> str:
    content_type = Submission.get_base_content_type()
    assigned = WorkflowContentType.objects.filter(content_type=content_type).first()
    if assigned and permissions.is_moderation_workflow(assigned.workflow):
        name = {"name": assigned.workflow.name}
        return _said(False, _("workflow “%(name)s”") % name)
    task = ModerationTask.objects.create(name=WORKFLOW)
    task.groups.add(group)
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.update_or_create(
        content_type=content_type, defaults={"workflow": workflow}
    )
    return _said(True, _("workflow “%(name)s”") % {"name": workflow.name})


def _said(made: bool | None, what: str) -> str:
    if made is None:
        return _("Ready: %(what)s") % {"what": what}
    template = _("Made: %(what)s") if made else _("Already there: %(what)s")
    return template % {"what": what}
