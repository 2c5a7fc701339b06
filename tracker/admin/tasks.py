"""Say what was done about a task; the queue lists them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker import access, clock
from tracker.admin import words
from tracker.admin.forms import DeskForm
from tracker.admin.frame import action, at_work, page
from tracker.models import Task
from tracker.services import tasks
from tracker.services.tasks import AlreadyDone, NoteMissing

LONGEST_NOTE = 2000
WRONG = 422


class DoneForm(DeskForm):
    note = forms.CharField(
        label="What was done",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@action
def task_done(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Close a task with a note; what was typed survives every refusal."""
    staff = at_work(request)
    task = access.of_clinic(staff, Task.objects.select_related("patient", "procedure")).get(
        pk=task_id
    )
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _again(request, task, form, WRONG)
    note = form.cleaned_data["note"]
    try:
        tasks.finish_task(staff=staff, task_id=task_id, note=note, now=clock.now())
    except NoteMissing as error:
        form.add_error("note", str(error))
        return _again(request, task, form, WRONG)
    except AlreadyDone as error:
        form.add_error(None, str(error))
        return _again(request, task, form, 409)
    messages.success(request, "Done. The note is kept with the task.")
    return redirect("admin:index")


def _again(request: HttpRequest, task: Task, form: DoneForm, status: int) -> HttpResponse:
    why = words.task_reason(task)
    return page(request, "desk/task.html", "To do", status=status, task=task, form=form, why=why)
