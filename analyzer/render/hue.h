/* A colour for a function that it has in every profile: by the package or library it belongs to. */
#ifndef CPPROF_RENDER_HUE_H
#define CPPROF_RENDER_HUE_H

#include "analyzer/base/strtab.h"
#include "analyzer/render/palette.h"

/* The part of NAME that says where the function belongs: the package of Go, Java and Python, the
 * outermost namespace of C++ and Rust. Empty for a plain name. */
struct str hue_package(struct str name);

/* Which of the colours below: the hue is the same for all functions of a package, the shade tells
 * neighbours of one package apart. LIBRARY (a file's name or empty) stands in for a package, and
 * NAME itself for both. */
enum { HUE_HUES = 36, HUE_SHADES = 3, HUE_COUNT = HUE_HUES * HUE_SHADES };
unsigned hue_of(struct str name, struct str library);

/* Pale, for black text. GREY: without the hue, for printing. */
struct rgb hue_color(unsigned index, bool grey);

#endif
