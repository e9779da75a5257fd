"""Tags every template may use: money, quantities, places, times, states, moves."""

from django import template

register = template.Library()
