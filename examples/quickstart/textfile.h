/* A text file with columns: MovieLens's "::" files, or CSV. Knows nothing of films. */
#ifndef QUICKSTART_TEXTFILE_H
#define QUICKSTART_TEXTFILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LINE_SIZE = 4096, MAX_FIELDS = 64 };

struct textfile {
  FILE* file;
  char path[1024];
  long line;                /* 1 is the first; 0 before it: the file as a whole */
  int dat;                  /* fields are separated by "::" and have no header */
  char raw[LINE_SIZE];      /* the line as it stands in the file */
  char text[2 * LINE_SIZE]; /* the same as UTF-8, then cut into fields */
  char* field[MAX_FIELDS];
  int n_fields;
  char header[2 * LINE_SIZE];
  char* column[MAX_FIELDS]; /* the names */
  int n_columns;
  char* why; /* the caller's, for complaints */
  size_t why_size;
};

/** Opens the first file of `stems` (joined by '|') that is there, each tried as .dat, whose columns are
 * `dat_names` (joined by commas), and as .csv, whose first line names them. Returns 1, 0 where there is none,
 * -1 on failure. Close t->file in every case where it is not NULL. */
int textfile_open(struct textfile* t, const char* folder, const char* stems, const char* dat_names);

/** The position of a column that has one of two names; -1 where there is none. */
int textfile_find(const struct textfile* t, const char* name, const char* other_name);

/** The next row: as many fields as there are columns. Returns 1, 0 at the end of the file, -1 on failure. */
int textfile_next(struct textfile* t);

/* The value of a column in the current row. Return 0 where it has none of this kind. */
int textfile_int(struct textfile* t, int column, int64_t* out);
int textfile_float(struct textfile* t, int column, float* out);

/** Writes "file:line: expected ..., found ..." to t->why. Returns 0, so that `return textfile_complain()`
 * fails. */
int textfile_complain(struct textfile* t, const char* expected, const char* found);

#endif
