"""The course of a drill: reading and planning, performance, restoration."""
