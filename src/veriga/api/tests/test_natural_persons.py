"""A natural person is in no answer and no header of those without the right."""

from __future__ import annotations

from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.automation.tests.factories import make_rule
from veriga.insight.rules.words import ReportKind
from veriga.insight.services.computing import compute
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_contact, make_share

from .client import Api, codes
from .test_confidential import WORD, read_all


def test_no_call_tells_others_anything(
    api: Api, seller: User, company: Company
) -> None:
    User.objects.filter(pk=seller.pk).update(may_see_persons=True)
    keeper = Api(User.objects.get(pk=seller.pk))
    person = keeper.post("companies", {"name": f"{WORD} Novak"}).json["id"]
    contact = make_contact(Company.objects.get(pk=person), first_name=WORD)
    ref = keeper.event(person, title=f"{WORD} obisk", contacts=[contact.pk])
    keeper.task(person, title=f"{WORD} naloga", made_on=ref)
    invites = [{"company": person}, {"company": company.pk}]
    day = {"title": "Dan", "starts_at": "2026-03-05T08:00:00Z", "companies": invites}
    gathering = keeper.post("gatherings", day).json["id"]
    shared = make_user("Deljeno", role=Role.SALES, scope=Scope.OWN)
    make_share(Company.objects.get(pk=person), shared)
    everything = Api(make_user("Vse", role=Role.MANAGER, scope=Scope.ALL))
    made = keeper.patch(f"companies/{person}", {"kind": "natural_person"})
    assert made.json["kind"] == "natural_person"
    open_ref = keeper.event(company.pk)
    known = {
        "ref": [open_ref, ref],
        "company_id": [company.pk, person],
        "contact_id": [contact.pk],
        "product_id": [1],
        "attachment_id": [1],
        "gathering_id": [gathering],
        "rule_id": [make_rule(make_user(role=Role.MANAGER)).pk],
        "kind": list(ReportKind),
    }
    compute(timezone.now())
    mine = read_all(keeper, known)
    assert any(WORD in text for _status, text, _headers in mine.values())
    for who in (everything, Api(shared)):
        told = {
            address
            for address, (status, text, headers) in read_all(who, known).items()
            if WORD in f"{text}{headers}" or (ref in address and status == 200)
        }
        assert not told
        assert who.patch(f"companies/{person}", {"name": "A"}).status == 404
        assert who.patch(f"activities/{ref}", {"title": "A"}).status == 404
    answer = everything.post("companies", {"name": "A", "kind": "natural_person"})
    assert (answer.status, codes(answer)) == (422, {"kind": "no_right_to_persons"})
    body = {"account_owner": everything.user.pk}  # type: ignore[union-attr]
    answer = keeper.patch(f"companies/{person}", body)
    assert codes(answer) == {"account_owner": "may_not_see_persons"}
    answer = keeper.patch(f"activities/{ref}", {"owner": everything.user.pk})  # type: ignore[union-attr]
    assert codes(answer) == {"owner": "may_not_see_persons"}
