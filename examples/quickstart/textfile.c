/* See textfile.h. C99 and nothing else, so it is a little longer than a reader in your language would be. */
#include "textfile.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int textfile_complain(struct textfile* t, const char* expected, const char* found) {
  if (t->line)
    snprintf(t->why, t->why_size, "%s:%ld: expected %s, found %s", t->path, t->line, expected, found);
  else
    snprintf(t->why, t->why_size, "%s: expected %s, found %s", t->path, expected, found);
  return 0;
}

/* Whether the bytes have the form of UTF-8. Finer points (overlong forms, ...) are left to interplay. */
static int looks_like_utf8(const char* text) {
  const unsigned char* p = (const unsigned char*)text;
  while (*p) {
    int follow = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : -1;
    if (follow < 0) return 0;
    for (++p; follow > 0; --follow, ++p)
      if ((*p & 0xc0) != 0x80) return 0;
  }
  return 1;
}

/* The original files are Latin-1, whose 256 characters are the first of Unicode. `out` has room for twice. */
static void latin1_to_utf8(const char* in, char* out) {
  for (; *in; ++in) {
    const unsigned char c = (unsigned char)*in;
    if (c < 0x80) {
      *out++ = *in;
    } else {
      *out++ = (char)(0xc0 | (c >> 6));
      *out++ = (char)(0x80 | (c & 0x3f));
    }
  }
  *out = '\0';
}

static int add_field(struct textfile* t, char* start) {
  if (t->n_fields == MAX_FIELDS) return textfile_complain(t, "at most 64 fields", "more");
  t->field[t->n_fields++] = start;
  return 1;
}

static int cut_dat(struct textfile* t) {
  char *p = t->text, *end;
  do {
    end = strstr(p, "::");
    if (end) *end = '\0';
    if (!add_field(t, p)) return 0;
    p = end ? end + 2 : NULL;
  } while (p);
  return 1;
}

/* Cuts the field at `p`, in place. Returns where the next one starts, NULL behind the last. */
static char* cut_plain(char* p) {
  p += strcspn(p, ",");
  if (*p == '\0') return NULL;
  *p = '\0';
  return p + 1;
}

/* The same for a quoted field; `p` is behind the opening quote. *fine becomes 0 if it is malformed. */
static char* cut_quoted(struct textfile* t, char* p, int* fine) {
  char* out = p;
  for (;; ++p) {
    if (*p == '\0') *fine = textfile_complain(t, "a closing quote on the same line", "the end of the line");
    if (*p == '\0' || (*p == '"' && *++p != '"')) break; /* "" stands for one quote */
    *out++ = *p;
  }
  if (*p != ',' && *p != '\0') *fine = textfile_complain(t, "a comma behind the closing quote", p);
  p = *p == ',' ? p + 1 : NULL;
  *out = '\0';
  return p;
}

static int cut_csv(struct textfile* t) {
  char* p = t->text;
  int fine = 1;
  while (p && fine) {
    const int quoted = *p == '"';
    fine = add_field(t, p + quoted);
    if (fine) p = quoted ? cut_quoted(t, p + 1, &fine) : cut_plain(p);
  }
  return fine;
}

/* The next line that is not empty, cut into fields. Returns 1, 0 at the end of the file, -1 on failure. */
static int next_line(struct textfile* t) {
  size_t size;
  do {
    ++t->line;
    if (!fgets(t->raw, LINE_SIZE, t->file))
      return ferror(t->file) ? textfile_complain(t, "a readable file", strerror(errno)) - 1 : 0;
    size = strlen(t->raw);
    if (size == LINE_SIZE - 1 && t->raw[size - 1] != '\n')
      return textfile_complain(t, "lines shorter than 4095 bytes", "a longer one") - 1;
    size = strcspn(t->raw, "\r\n");
    t->raw[size] = '\0';
  } while (size == 0);
  if (looks_like_utf8(t->raw))
    memcpy(t->text, t->raw, size + 1);
  else
    latin1_to_utf8(t->raw, t->text);
  t->n_fields = 0;
  return (t->dat ? cut_dat(t) : cut_csv(t)) ? 1 : -1;
}

/* The names of the columns: the first line of a CSV file, or `names`. */
static int read_header(struct textfile* t, const char* names) {
  static const char byte_order_mark[] = "\xef\xbb\xbf";
  int i, has_mark;
  if (t->dat) {
    snprintf(t->text, sizeof t->text, "%s", names);
    t->n_fields = 0;
    if (!cut_csv(t)) return 0;
  } else {
    const int got = next_line(t);
    if (got <= 0)
      return got < 0 ? 0 : textfile_complain(t, "a header with the names of the columns", "an empty file");
  }
  memcpy(t->header, t->text, sizeof t->header);
  has_mark = strncmp(t->header, byte_order_mark, 3) == 0;
  t->n_columns = t->n_fields;
  for (i = 0; i < t->n_fields; ++i)
    t->column[i] = t->header + (t->field[i] - t->text) + (i == 0 && has_mark ? 3 : 0);
  return 1;
}

int textfile_find(const struct textfile* t, const char* name, const char* other_name) {
  int i;
  for (i = 0; i < t->n_columns; ++i)
    if (strcmp(t->column[i], name) == 0 || strcmp(t->column[i], other_name) == 0) return i;
  return -1;
}

int textfile_next(struct textfile* t) {
  char expected[64], found[64];
  const int got = next_line(t);
  if (got <= 0 || t->n_fields == t->n_columns) return got;
  snprintf(expected, sizeof expected, "%d fields separated by \"%s\"", t->n_columns, t->dat ? "::" : ",");
  snprintf(found, sizeof found, "%d", t->n_fields);
  return textfile_complain(t, expected, found) - 1;
}

static int wrong_field(struct textfile* t, int column, const char* kind) {
  char expected[160], found[80];
  snprintf(expected, sizeof expected, "%s as %.64s", kind, t->column[column]);
  snprintf(found, sizeof found, "\"%.64s\"", t->field[column]);
  return textfile_complain(t, expected, found);
}

int textfile_int(struct textfile* t, int column, int64_t* out) {
  char* end;
  errno = 0;
  *out = strtoll(t->field[column], &end, 10);
  return end != t->field[column] && *end == '\0' && errno == 0 ? 1 : wrong_field(t, column, "an integer");
}

int textfile_float(struct textfile* t, int column, float* out) {
  char* end;
  *out = strtof(t->field[column], &end);
  return end != t->field[column] && *end == '\0' && isfinite(*out) ? 1 : wrong_field(t, column, "a number");
}

int textfile_open(struct textfile* t, const char* folder, const char* stems, const char* dat_names) {
  const char* stem;
  for (stem = stems; *stem; stem += strcspn(stem, "|"), stem += *stem == '|') {
    for (t->dat = 1; t->dat >= 0; --t->dat) {
      snprintf(t->path, sizeof t->path, "%s/%.*s.%s", folder, (int)strcspn(stem, "|"), stem,
               t->dat ? "dat" : "csv");
      t->line = 0;
      t->file = fopen(t->path, "rb");
      if (t->file) return read_header(t, dat_names) ? 1 : -1;
    }
  }
  t->line = 0;
  return 0;
}
