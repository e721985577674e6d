"""Base page, components, template tags, the design system's assets, the look of letters. No models."""
