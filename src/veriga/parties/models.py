"""Companies, contacts, and shares: who may see which company beyond their scope."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Value

from veriga.access.models import Team
from veriga.common.fields import KeyField
from veriga.setup.models import CompanyCategory, ProspectType

from .rules import NATURAL_PERSON


class CompanyStatus(models.TextChoices):
    PROSPECT = "prospect"
    ACTIVE = "active"


class CompanyKind(models.TextChoices):
    LEGAL_ENTITY = "legal_entity"
    SOLE_TRADER = "sole_trader"
    NATURAL_PERSON = NATURAL_PERSON  # seen by those with the right alone
    BRANCH = "branch"


class Abc(models.TextChoices):
    """How much a customer matters."""

    A = "A"
    B = "B"
    C = "C"


class MailLanguage(models.TextChoices):
    """The language in which a company is written to."""

    SL = "sl"
    EN = "en"
    DE = "de"
    HR = "hr"
    IT = "it"
    HU = "hu"
    SR = "sr"
    FR = "fr"


class Company(models.Model):
    """A customer or prospect, or the installation's own firm (`is_own`)."""

    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=160)
    name_folded = KeyField(max_length=200)
    status = models.CharField(
        max_length=8, choices=CompanyStatus, default=CompanyStatus.PROSPECT
    )
    prospect_type = models.ForeignKey(
        ProspectType, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_own = models.BooleanField(default=False)
    kind = models.CharField(
        max_length=16, choices=CompanyKind, blank=True, default="", db_default=""
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="branches"
    )
    abc = models.CharField(
        max_length=1, choices=Abc, blank=True, default="", db_default=""
    )
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="SI")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=120, blank=True)
    tax_number = models.CharField(max_length=20, blank=True)
    registration_number = models.CharField(
        max_length=20, blank=True, default="", db_default=""
    )
    categories = models.ManyToManyField(CompanyCategory, related_name="+")
    # The language of mails to them.
    language = models.CharField(
        max_length=2, choices=MailLanguage, blank=True, default="", db_default=""
    )
    # When co-operation is expected: "2027-03" or "2027-03-15", so that it sorts.
    expected_on = models.CharField(max_length=10, blank=True, default="", db_default="")
    notes = models.TextField(blank=True, default="", db_default="")
    # The web domain of the website or the e-mail address, by which twins are found.
    domain_key = KeyField(max_length=120, blank=True, default="", db_default="")
    custom = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    account_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The account owner's team, kept here because it decides who sees the company.
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            models.UniqueConstraint(
                fields=["is_own"],
                condition=models.Q(is_own=True),
                name="company_one_own_firm",
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(fields=["name_folded", "id"], name="company_by_folded"),
            models.Index(fields=["team", "name_key"], name="company_by_team"),
            models.Index(fields=["account_owner", "name_key"], name="company_by_owner"),
            models.Index(fields=["domain_key"], name="company_by_domain"),
            models.Index(fields=["phone"], name="company_by_phone"),
            models.Index(fields=["tax_number"], name="company_by_tax_number"),
            models.Index(fields=["registration_number"], name="company_by_registered"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        """Whether it is a natural person, seen by those with the right alone."""
        return self.kind == NATURAL_PERSON

    @property
    def website_address(self) -> str:
        """The website as a link needs it: with its scheme; "" for none."""
        if not self.website or "://" in self.website:
            return self.website
        return f"https://{self.website}"


class Share(models.Model):
    """This user may see this company, whatever their scope."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="shares"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company"], name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} for {self.user_id}"


class Merge(models.Model):
    """One company made part of another, with all that is needed to undo it.

    `gone` holds the columns of the company that went. `moved` names the rows that
    changed their company, by table; `dropped` those that the other company had already.
    `before` are columns of the kept company that took other values.
    """

    kept = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="merges")
    gone_id = models.BigIntegerField()
    gone = models.JSONField()
    moved = models.JSONField()
    dropped = models.JSONField()
    before = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["gone_id"], name="merge_of_gone")]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class AddressKind(models.TextChoices):
    INVOICE = "invoice"
    DELIVERY = "delivery"
    SITE = "site"
    OTHER = "other"


class Address(models.Model):
    """A further address of a company; its seat stands with the company itself."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="addresses"
    )
    kind = models.CharField(max_length=8, choices=AddressKind)
    name = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="SI")
    note = models.CharField(max_length=200, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.line

    @property
    def line(self) -> str:
        """The address in one line, without its country."""
        place = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.street, place) if part)


class ActivationRequest(models.Model):
    """Somebody without the right asked somebody who has it to activate a company."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="activation_requests"
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    message = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One open request to the same person is enough, whoever asks again.
            models.UniqueConstraint(
                fields=["company", "asked"],
                condition=models.Q(answered_at__isnull=True),
                name="activation_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} of {self.asked_id}"


class Contact(models.Model):
    """A person at a company; at further ones by a Position.

    `company`, `function` and the days are where they are first of all: there they are
    found in lists, and their card names it.
    """

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="contacts"
    )
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60)
    # Both begin with the last name.
    name_key = KeyField(max_length=160)
    name_folded = KeyField(max_length=160)
    function = models.CharField(max_length=80, blank=True)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    note = models.TextField(blank=True)
    custom = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    row_version = models.PositiveIntegerField(default=1)
    # The position that a reader sees in place of the first company; never stored.
    shown_at: Position | None = None

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "id"], name="contact_by_name"),
            models.Index(fields=["name_folded", "id"], name="contact_by_folded"),
            models.Index(fields=["company", "name_key"], name="contact_of_company"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("since_on"))
                | models.Q(until_on=None)
                | models.Q(since_on=None),
                name="contact_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Position(models.Model):
    """A contact at a further company, now or formerly; never the contact's own one."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="positions"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="positions"
    )
    function = models.CharField(max_length=80, blank=True)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "company"], name="position_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("since_on"))
                | models.Q(until_on=None)
                | models.Q(since_on=None),
                name="position_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.company_id}"
