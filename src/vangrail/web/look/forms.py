"""Forms as every page shows them: label, why it is asked, field, error; tied together for who cannot see them."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Our templates for forms and their fields."""

    form_template_name = "form.html"
    field_template_name = "field.html"
