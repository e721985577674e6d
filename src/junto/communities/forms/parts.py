"""What managers write on a community's page, part by part, and its pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.forms.community import RESERVED
from junto.communities.models import Community, Page, Picture
from junto.kit.pictures import LARGEST_FILE

LONGEST_TEXT = 100_000


class WritingForm(forms.Form):
    """A text in Markdown, a note for the history, and the version that the writer saw."""

    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "autofocus": True}),
        help_text=_("Markdown: ## for a heading, a dash for a list, **bold**, [words](https://address)."),
    )
    note = forms.CharField(
        label=_("What did you change, and why?"),
        max_length=200,
        required=False,
        help_text=_("Stands in the history. You may leave it empty."),
    )
    based_on = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False, widget=forms.HiddenInput)


class SectionForm(WritingForm):
    """A section of the front page."""

    title = forms.CharField(label=_("Heading"), max_length=200)
    field_order = ("title",)


class PageForm(WritingForm):
    """A sub-page."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Last part of its address"),
        max_length=100,
        help_text=_("Letters, digits and dashes. Links to an address that the page had before keep working."),
    )
    field_order = ("title", "slug")

    def __init__(self, *args: Any, community: Community, page: Page | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Page.objects.filter(community=community)
        self._others = others.exclude(pk=page.pk) if page else others

    def clean_slug(self) -> str:
        """Not the address of another page of this community, nor of the form that makes one."""
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in RESERVED or self._others.filter(slug=slug).exists():
            raise ValidationError(gettext("Another page has this address. Choose another one."))
        return slug


class ResourceForm(forms.Form):
    """A link with its words."""

    title = forms.CharField(label=_("Title"), max_length=200)
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("One sentence: what it is good for.")
    )


class AltForm(forms.Form):
    """What a picture shows, in words."""

    alt = forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        help_text=_("One sentence for people who do not see it: “Four members at a table sort cards on a wall.”"),
    )


class PictureForm(AltForm):
    """A new picture."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "PNG, JPEG, WebP or GIF, up to 12 MB. Where and when it was taken is removed; one that moves stands still."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    field_order = ("file",)

    def clean_file(self) -> Any:
        """Not larger than what is read at all."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(
                gettext("This file is larger than 12 MB. Save the picture smaller, and send it again.")
            )
        return file


class DressForm(forms.Form):
    """The banner and the logo of a community's page."""

    banner = forms.ModelChoiceField(
        Picture.objects.none(), label=_("Banner"), required=False, empty_label=_("No banner"),
        help_text=_("A wide picture above the community’s name."),
    )  # fmt: skip
    logo = forms.ModelChoiceField(
        Picture.objects.none(), label=_("Logo"), required=False, empty_label=_("No logo"),
        help_text=_("A square picture beside the community’s name."),
    )  # fmt: skip

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        initial = {"banner": community.banner_id, "logo": community.logo_id}
        super().__init__(*args, **{"initial": initial, **kwargs})
        for name in ("banner", "logo"):
            self.fields[name].queryset = community.pictures.order_by("-pk")  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = _words_of  # type: ignore[attr-defined]


def _words_of(picture: Picture) -> str:
    return f"{picture.alt[:80]} ({picture.file_name[:40]})"
