"""Topics: the list, one topic, its feed; begin, change, follow, sort out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house.centre import centre
from saphan.house.watching.queries import feed_address
from saphan.house.wording.queries import chip
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.forms.topics import FollowForm, TopicForm, initial_of, said_of
from saphan.rooms.newsroom.models import Article, Match, Topic
from saphan.rooms.newsroom.queries import articles
from saphan.rooms.newsroom.queries import topics as queries
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.rules import topics as rules
from saphan.rooms.newsroom.views.common import asker, standing, stated, to_sign_in
from saphan.rooms.newsroom.vocabulary import Sharing

PAGE = 30
IN_FEED = 50


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """What she follows or may see."""
    page = Paginator(queries.listed(asker(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "newsroom/topics.html", {**standing(request), "page": page})


@require_safe
def topic(request: HttpRequest, number: str) -> HttpResponse:
    """What is new in it and why, its figures; nothing is searched here, only read."""
    found, person = _topic(request, number), asker(request)
    dropped = "dropped" in request.GET and desk.works_here(person)
    page = Paginator(queries.shown(queries.matches(found, dropped=dropped)), PAGE).get_page(
        request.GET.get("page"))
    watch = queries.followed(found, person)
    return render(request, "newsroom/topic.html", {
        **standing(request), "topic": found, "page": page, "rows": queries.rows(list(page)),
        "dropped": dropped, "figures": stated(queries.figures(found, person=person)),
        "concepts": [chip(name) for name in found.understood.get("concepts", [])],
        "limits": _limits(found), "watch": watch,
        "feed": feed_address(watch) if watch is not None else "",
        "follow": FollowForm(initial=initial_of(watch, get_language() or "en")),
        "signed_in": person is not None, "may_change": bool(rules.may_change(person, found)),
        "is_public": found.sharing == Sharing.PUBLIC})


def _limits(found: Topic) -> list[tuple[Any, str]]:
    """The filters that are on: label and values."""
    form, said = TopicForm(), said_of(found)
    listed = []
    for name in ("langs", "economies", "sources"):
        labels = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        if said[name]:
            listed.append((form.fields[name].label, " · ".join(
                str(labels.get(value, value)) for value in said[name])))
    return listed


def _topic(request: HttpRequest, number: str) -> Topic:
    try:
        return queries.topic(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a topic."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    form = TopicForm(request.POST or None, initial={
        "sharing": Sharing.DESK, "query": request.GET.get("q", "")[:500]})
    verdict = rules.may_begin(person)
    if request.method == "POST" and verdict and form.is_valid():
        made = actions.begin(form.cleaned_data, by=person)
        messages.success(request, _("We look through the archive for it now."))
        return redirect(made)
    return render(request, "newsroom/topic_edit.html", {
        **standing(request), "form": form, "refusal": "" if verdict else verdict.reason},
        status=403 if not verdict else 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change its words, filters, name, or who sees it."""
    found, person = _topic(request, number), asker(request)
    verdict = rules.may_change(person, found)
    form = TopicForm(request.POST or None, initial=said_of(found))
    if request.method == "POST" and verdict and form.is_valid():
        actions.change(found, form.cleaned_data, by=person)
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "newsroom/topic_edit.html", {
        **standing(request), "form": form, "topic": found,
        "refusal": "" if verdict else verdict.reason},
        status=403 if not verdict else 422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, number: str) -> HttpResponse:
    found = _topic(request, number)
    try:
        actions.remove(found, by=asker(request))
        messages.success(request, _("The topic is deleted."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return redirect("newsroom:topics")


@require_POST
def sort(request: HttpRequest, number: str, article: str) -> HttpResponse:
    """An article does not belong to it, or does after all."""
    found = _topic(request, number)
    held = Article.objects.defer("vector").filter(number=article).first()
    if held is None or not Match.objects.filter(topic=found, article=held).exists():
        raise Http404
    try:
        actions.drop(found, held, by=asker(request), dropped="keep" not in request.POST)
        messages.success(request, _("Saved."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Be told of what is new; or no more."""
    found, person = _topic(request, number), asker(request)
    if person is None:
        return to_sign_in(found.get_absolute_url())
    form = FollowForm(request.POST)
    try:
        if "stop" in request.POST:
            actions.unfollow(found, by=person)
            messages.success(request, _("You get no more letters about this topic."))
        elif form.is_valid():
            actions.follow(found, by=person, **form.cleaned_data)
            messages.success(request, _("Saved. We tell you when something new comes in."))
        else:
            messages.error(request, _("Choose how often we shall write."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_safe
@cache_control(public=True, max_age=300)
def atom(request: HttpRequest, number: str) -> HttpResponse:
    """What is new in a topic that everybody may see. Those who follow others have a feed of their
    own, at an address that nobody can guess."""
    found = _topic(request, number)
    if found.sharing != Sharing.PUBLIC:
        raise Http404
    lang = reader_language()
    out = Atom1Feed(title=f"{centre().name} · {found.name}", language=lang,
                    link=settings.BASE_URL + found.get_absolute_url(), description=found.query,
                    feed_url=settings.BASE_URL + request.path)
    host = settings.BASE_URL.partition("://")[2].partition(":")[0]
    for row in queries.shown(queries.matches(found))[:IN_FEED]:
        item = articles.item_of(row.article)
        out.add_item(title=item.heading, description=item.summary,
                     link=settings.BASE_URL + row.article.get_absolute_url(),
                     unique_id=f"tag:{host},2026:newsroom/{found.number}/{row.article.number}",
                     updateddate=row.at, pubdate=row.at,
                     author_name=row.article.outlet or str(centre().name))
    return HttpResponse(out.writeString("utf-8"), content_type=Atom1Feed.content_type)
