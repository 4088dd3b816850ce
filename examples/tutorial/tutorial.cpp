// The tutorial in C++17. Usage: tutorial RATINGS   (MovieLens' ratings.dat, u.data or ratings.csv)
// c++ -std=c++17 -O2 tutorial.cpp $(pkg-config --cflags --libs interplay) -o tutorial
// A line begins with user, movie and rating; others, a heading say, are passed over. Every fifth rating is held out.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <interplay/interplay.hpp>

struct Ratings {
  std::vector<int64_t> users, movies;
  std::vector<float> stars;
};

static void read(const char* path, Ratings& train, Ratings& test) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("expected a file of ratings, found none at ") + path);
  long long user = 0, movie = 0, row = 0;
  float rating = 0;
  for (std::string line; std::getline(file, line);) {
    if (std::sscanf(line.c_str(), "%lld%*[,:\t]%lld%*[,:\t]%f", &user, &movie, &rating) != 3) continue;
    Ratings& part = ++row % 5 == 0 ? test : train;
    part.users.push_back(user);
    part.movies.push_back(movie);
    part.stars.push_back(rating);
  }
}

static void tutorial(const Ratings& train, const Ratings& test) {
  const auto* parameters = R"({"embedding_dim": 32, "attention_dim": 32, "num_heads": 2, "num_layers": 3,
      "dropout": 0.1, "epochs": 20, "batch_size": 256, "learning_rate": 0.001})";
  const auto model =
      interplay::Model::fit_pairs("autoint", parameters, train.users, train.movies, train.stars);

  std::printf("user 196 and movie 242: %.4f\n", model.predict_pair(196, 242));
  const auto scores = model.predict_pairs(test.users, test.movies);
  double squares = 0;
  for (std::size_t row = 0; row < scores.size(); ++row) squares += std::pow(scores[row] - test.stars[row], 2);
  std::printf("test RMSE %.4f\n", std::sqrt(squares / static_cast<double>(scores.size())));

  const auto [movies, best] = model.recommend_user(196, 10);
  for (std::size_t rank = 0; rank < movies.size(); ++rank)
    std::printf("%2zu. movie %lld: %.4f\n", rank + 1, static_cast<long long>(movies[rank]), best[rank]);

  model.save("movies.interplay");
  const auto again = interplay::Model::load("movies.interplay");
  std::printf("loaded: %.4f\n", again.predict_pair(196, 242));
  try {
    interplay::Model::create("autoint", R"({"embeding_dim": 32})");
  } catch (const interplay::Exception& error) {
    std::printf("%s: %s\n", interplay::status_name(error.status()), error.what());
  }
}

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("expected a file of ratings: tutorial ratings.csv");
  Ratings train, test;
  read(argv[1], train, test);
  tutorial(train, test);
} catch (const std::exception& error) {
  std::fprintf(stderr, "tutorial: %s\n", error.what());
  return 1;
}
