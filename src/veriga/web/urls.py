"""Addresses of the pages. One view module per noun."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from .views import (
    activation,
    activities,
    addresses,
    attachments,
    board,
    bulk,
    calendar,
    calls,
    cells,
    chains,
    columns,
    companies,
    conditions,
    contacts,
    deleted,
    desk,
    entries,
    exporting,
    fields,
    forecast,
    gatherings,
    home,
    insight,
    linking,
    marks,
    me,
    merging,
    notice_settings,
    notices,
    offline,
    overview,
    palette,
    positions,
    products,
    quick,
    records,
    rules,
    running,
    saved,
    search,
    settings,
    targets,
    teams,
    users,
    visit,
    working_time,
)

activity_urls = [
    path("", overview.page, name="overview"),
    path("<str:reference>/", records.record, name="record"),
    path("<str:reference>/aside/", activities.aside, name="aside"),
    path("<str:reference>/edit/", records.edit, name="edit"),
    path("<str:reference>/cell/<str:field>/", cells.cell, name="cell"),
    path("<str:reference>/delete/", records.delete, name="delete"),
    path("<str:reference>/done/", records.finish, name="done"),
    path("<str:reference>/not-reached/", calls.not_reached, name="not_reached"),
    path(
        "<str:reference>/not-reached/<str:following>/undo/",
        calls.take_back,
        name="take_back_call",
    ),
    path("<str:reference>/reopen/", records.reopen, name="reopen"),
    path("<str:reference>/sent/", records.sent, name="sent"),
    path("<str:reference>/entries/", entries.add, name="entries"),
    path(
        "<str:reference>/attachments/",
        attachments.add_to_activity,
        name="attachments",
    ),
    path("<str:reference>/link/", linking.candidates, name="link"),
    path("<str:reference>/link/preview/", linking.preview, name="preview"),
    path("<str:reference>/links/", linking.links, name="links"),
    path("<str:reference>/take-out/", linking.take_out, name="take_out"),
    path("<str:reference>/move/", linking.take_out_and_move, name="move"),
    path("<str:reference>/marks/", marks.mark, name="marks"),
    path("<str:reference>/chain/", chains.chain, name="chain"),
]


def kind_urls(kind: str) -> list[URLPattern]:
    """Return the addresses of one kind: its list and its new-record form."""
    return [
        path("", activities.kind_list, {"kind": kind}, name="list"),
        path("new/", records.new, {"kind": kind}, name="new"),
    ]


gathering_urls = [
    path("", gatherings.gathering_list, name="list"),
    path("new/", gatherings.new, name="new"),
    path("<int:id>/", gatherings.page, name="page"),
    path("<int:id>/edit/", gatherings.edit, name="edit"),
    path("<int:id>/companies/", gatherings.choose, name="choose"),
    path("<int:id>/sheet/", gatherings.sheet, name="sheet"),
    path("<int:id>/finish/", gatherings.finish, name="finish"),
    path("<int:id>/tasks/", gatherings.tasks, name="tasks"),
    path("<int:id>/<str:reference>/reply/", gatherings.reply, name="reply"),
    path("<int:id>/<str:reference>/withdraw/", gatherings.withdraw, name="withdraw"),
]
company_urls = [
    path("", companies.company_list, name="list"),
    path("new/", companies.new, name="new"),
    path("find/", companies.find, name="find"),
    path("<int:id>/", companies.page, name="page"),
    path("<int:id>/edit/", companies.edit, name="edit"),
    path("<int:id>/activate/", activation.activate, name="activate"),
    path("<int:id>/addresses/new/", addresses.new, name="add_address"),
    path("<int:id>/addresses/<int:address_id>/", addresses.edit, name="address"),
    path(
        "<int:id>/addresses/<int:address_id>/remove/",
        addresses.remove,
        name="remove_address",
    ),
    path("<int:id>/delete/", companies.delete, name="delete"),
    path("<int:id>/attachments/", attachments.add_to_company, name="attachments"),
    path("<int:id>/merge/", merging.merge, name="merge"),
    path("<int:id>/visit/", visit.sheet, name="visit"),
    path("<int:id>/share/", companies.share, name="share"),
    path("<int:id>/unshare/<int:user_id>/", companies.unshare, name="unshare"),
]
contact_urls = [
    path("", contacts.contact_list, name="list"),
    path("new/", contacts.new, name="new"),
    path("find/", contacts.find, name="find"),
    path("choices/", contacts.choices, name="choices"),
    path("<int:id>/", contacts.page, name="page"),
    path("<int:id>/card.vcf", contacts.card, name="card"),
    path("<int:id>/edit/", contacts.edit, name="edit"),
    path("<int:id>/delete/", contacts.delete, name="delete"),
    path("<int:id>/companies/new/", positions.new, name="add_company"),
    path("<int:id>/companies/<int:position_id>/", positions.edit, name="company"),
    path(
        "<int:id>/companies/<int:position_id>/remove/",
        positions.remove,
        name="remove_company",
    ),
]
attachment_urls = [
    path("<int:id>/", attachments.page, name="page"),
    path("<int:id>/file/", attachments.content, name="content"),
    path("<int:id>/delete/", attachments.delete, name="delete"),
    path("<int:id>/restore/", attachments.restore, name="restore"),
]
entry_urls = [
    path("<int:id>/edit/", entries.edit, name="edit"),
    path("<int:id>/lock/", entries.lock, name="lock"),
]
field_urls = [
    path("", fields.field_list, name="list"),
    path("new/", fields.new, name="new"),
    path("<int:id>/", fields.page, name="page"),
    path("<int:id>/move/", fields.move, name="move"),
]
insight_urls = [
    path("", insight.start, name="start"),
    path("followed/", insight.followed, name="followed"),
    path("triggers/", insight.triggers, name="triggers"),
    path("stalled/", insight.stalled, name="stalled"),
    path("stalled/budget/", insight.budget, name="budget"),
    path("pace/", insight.pace, name="pace"),
    path("origins/", insight.origins, name="origins"),
    path("chains/", insight.chains, name="behind"),
]
forecast_urls = [
    path("", forecast.page, name="page"),
    path("changes/", forecast.changes, name="changes"),
    path("won/", forecast.won, name="won"),
    path("targets/", targets.grid, name="targets"),
]
notice_urls = [
    path("", notices.notice_list, name="list"),
    path("read/", notices.read_all, name="read_all"),
    path("poll/", notices.poll, name="poll"),
    path("<int:id>/seen/", notices.seen, name="seen"),
    path("<int:id>/", notices.open_notice, name="open"),
]
rule_urls = [
    path("", rules.rule_list, name="list"),
    path("new/", rules.new, name="new"),
    path("log/", rules.log, name="log"),
    path("<int:id>/", rules.page, name="page"),
    path("<int:id>/switch/", rules.switch, name="switch"),
    path("<int:id>/delete/", rules.delete, name="delete"),
    path("<int:id>/month/", rules.rehearsal, name="rehearsal"),
]
product_urls = [
    path("", products.product_list, name="list"),
    path("new/", products.new, name="new"),
    path("<int:id>/", products.page, name="page"),
]
user_urls = [
    path("", users.user_list, name="list"),
    path("new/", users.new, name="new"),
    path("find/", users.find, name="find"),
    path("<int:id>/", users.page, name="page"),
    path("<int:id>/active/", users.set_active, name="active"),
    path("<int:id>/reset/", users.reset, name="reset"),
]
team_urls = [
    path("", teams.team_list, name="list"),
    path("new/", teams.new, name="new"),
    path("<int:id>/", teams.rename, name="rename"),
]
settings_urls = [
    path("", settings.page, name="page"),
    path("numbering/", settings.prefixes, name="numbering"),
    path("display/", settings.preferences, name="preferences"),
    path("working-time/", working_time.page, name="working_time"),
    path("lists/<str:list_name>/", settings.entries, name="list"),
    path("lists/<str:list_name>/new/", settings.new, name="new"),
    path("lists/<str:list_name>/entries/<str:code>/", settings.entry, name="entry"),
    path("lists/<str:list_name>/entries/<str:code>/move/", settings.move, name="move"),
]
offline_urls = [
    path("state/", offline.state, name="state"),
    path("companies/", offline.companies, name="companies"),
    path("keep/", offline.keep, name="keep"),
    path("<str:language>/", offline.page, name="page"),
]
my_urls = [
    path("", me.account, name="account"),
    path("theme/", me.theme, name="theme"),
    path("notices/", notice_settings.page, name="notices"),
    path("password/", me.password, name="password"),
    path("tokens/", me.tokens, name="tokens"),
    path("tokens/<int:id>/revoke/", me.revoke, name="revoke"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("merges/<int:id>/undo/", merging.undo, name="undo_merge"),
    path("deleted/", deleted.page, name="deleted"),
    path("desk/", desk.page, name="desk"),
    path("columns/<str:page>/", columns.choose, name="columns"),
    path("export/<str:page>.<str:form>", exporting.export, name="export"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("bulk/<int:id>/undo/", bulk.undo, name="undo_bulk"),
    path("bulk/<str:action>/", bulk.command, name="bulk"),
    path("views/", saved.views, name="saved_views"),
    path("views/<int:id>/", saved.open_view, name="open_view"),
    path("views/<int:id>/pin/", saved.pin, name="pin_view"),
    path("views/<int:id>/delete/", saved.delete, name="delete_view"),
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/<str:reference>/move/", calendar.move, name="move_event"),
    path("board/", board.page, name="board"),
    path("board/<str:reference>/", board.move, name="move_sale"),
    path("chains/", running.chain_list, name="running"),
    path("insight/", include((insight_urls, "insight"))),
    path("forecast/", include((forecast_urls, "forecast"))),
    path("chains/coverage/", running.coverage, name="coverage"),
    path("chains/limits/", running.limits, name="silence_limits"),
    path("chains/<str:reference>/give-up/", running.give_up, name="give_up"),
    path("palette/", palette.palette, name="palette"),
    path("search/", search.page, name="search"),
    path("quick/", quick.new, name="quick"),
    path("nav/counts/", include(([path("", home.counts, name="counts")], "nav"))),
    path("demo/enter/", me.enter_demo, name="enter_demo"),
    path("welcome/<str:uid>/<str:token>/", me.welcome, name="welcome"),
    path("activities/", include((activity_urls, "activities"))),
    path("events/", include((kind_urls("event"), "events"))),
    path("gatherings/", include((gathering_urls, "gatherings"))),
    path("tasks/", include((kind_urls("task"), "tasks"))),
    path("product-records/", include((kind_urls("product_record"), "product_records"))),
    path("quotes/", include((kind_urls("quote"), "quotes"))),
    path("continue/", linking.likeliest, name="likeliest"),
    path("links/<int:id>/split/", linking.split, name="split"),
    path("changes/<int:id>/undo/", linking.undo, name="undo"),
    path("companies/", include((company_urls, "companies"))),
    path("contacts/", include((contact_urls, "contacts"))),
    path("attachments/", include((attachment_urls, "attachments"))),
    path("notices/", include((notice_urls, "notices"))),
    path("rules/", include((rule_urls, "rules"))),
    path("products/", include((product_urls, "products"))),
    path("offline/", include((offline_urls, "offline"))),
    path("worker.js", offline.worker, name="worker"),
    path("manifest-<str:language>.webmanifest", offline.manifest, name="manifest"),
    path("settings/offline/", offline.setting, name="offline_setting"),
    path("settings/fields/", include((field_urls, "fields"))),
    path("settings/attachments/", attachments.limits, name="attachment_limits"),
    path("settings/", include((settings_urls, "settings"))),
    path("entries/", include((entry_urls, "entries"))),
    path("users/", include((user_urls, "users"))),
    path("teams/", include((team_urls, "teams"))),
    path("me/", include((my_urls, "me"))),
]
