package io.interplay;

/** One of the best items for a user, and its score. */
public record Recommendation(long item, float score) {}
