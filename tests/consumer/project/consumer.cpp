// The same stranger in C++17, through the header-only wrapper. Usage: consumer_cpp MODEL_FILE
#include <interplay/interplay.hpp>
#include <interplay/scorer.hpp>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    std::vector<int64_t> users, items;
    std::vector<float> ratings;
    for (int64_t i = 0; i < 60; ++i) {
      users.push_back(i % 6);
      items.push_back(i / 6);
      ratings.push_back(static_cast<float>(1 + (i % 6 + i / 6) % 5));
    }
    const auto model = interplay::Model::fit_pairs("fm", "{\"epochs\": 1}", users, items, ratings);
    model.save(argv[1]);
    const auto loaded = interplay::Model::load(argv[1]);
    if (loaded.predict_pairs(users, items) != model.predict_pairs(users, items)) {
      std::cerr << "consumer: the loaded model scores otherwise\n";
      return 1;
    }
    // An error has to arrive across the border as the caller's own exception.
    try {
      interplay::Model::create("nobody");
    } catch (const interplay::Exception& error) {
      std::cout << "interplay " << interplay_version() << '\n';
      return error.status() == INTERPLAY_NOT_FOUND ? 0 : 1;
    }
    std::cerr << "consumer: expected NOT_FOUND for an unknown engine, found none\n";
  } catch (const std::exception& error) {
    std::cerr << "consumer: " << error.what() << '\n';
  }
  return 1;
}
