#include "apart.hpp"

#include <dirent.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "errors.hpp"
#include "interrupt.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

int count_threads() {
  DIR* const folder = opendir("/proc/self/task");
  if (folder == nullptr) return 0;  // no such thing here: then nobody is accused
  int n = 0;
  while (const dirent* const found = readdir(folder)) n += found->d_name[0] != '.';
  closedir(folder);
  return n;
}

/// A joined thread may be listed for a moment longer.
bool threads_are_back_to(int before) {
  for (int wait = 0; wait < 50; ++wait) {
    if (count_threads() <= before) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

/// The child's whole life. '+' and a text, or '-' and what was wrong, go into the pipe.
[[noreturn]] void live(const std::function<std::string()>& work, int result, int said) {
  dup2(said, STDOUT_FILENO);
  dup2(said, STDERR_FILENO);
  std::thread([] {}).join();  // ThreadSanitizer starts one of its own with the first
  const int before = count_threads();
  std::string answer;
  try {
    answer = "+" + work();
  } catch (const std::exception& error) {
    answer = std::string("-") + error.what();
  }
  const bool alone = threads_are_back_to(before);
  if (!alone && answer[0] == '+')
    answer = "-a thread was left behind; join every thread before the call returns";
  std::fflush(nullptr);
  const bool written = write(result, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
  if (!alone || !written) _exit(written ? 0 : 1);
  std::exit(
      0);  // and not _exit: what runs at the end of a process (a leak checker, destructors) belongs to the test
}

/// Reads both pipes until the child has closed them; false when time is up.
bool listen(Pipe& result, Pipe& said, std::string& answer, std::string& printed, int seconds) {
  const auto deadline = Clock::now() + std::chrono::seconds(seconds);
  std::array<pollfd, 2> ends{pollfd{result.read_end, POLLIN, 0}, pollfd{said.read_end, POLLIN, 0}};
  std::string* const texts[] = {&answer, &printed};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (Clock::now() > deadline || interrupted()) return false;
    if (poll(ends.data(), ends.size(), 100) <= 0) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t n = read(ends[i].fd, buffer, sizeof buffer);
      if (n > 0) texts[i]->append(buffer, static_cast<std::size_t>(n));
      if (n <= 0) ends[i].fd = -1;
    }
  }
  return true;
}

/// Of a sanitizer's report the line that says what; otherwise the first one.
std::string essence(const std::string& printed) {
  std::size_t at = printed.find("ERROR: ");
  if (at == std::string::npos) at = printed.find("runtime error: ");
  if (at == std::string::npos) at = 0;
  return printable(printed.substr(at, std::min(printed.find('\n', at), at + 160) - at));
}

Apart judge(const std::string& answer, const std::string& printed, int status) {
  const std::string words = printed.empty() ? "" : ", with the words: " + essence(printed);
  if (WIFSIGNALED(status)) {
    const bool aborted = WTERMSIG(status) == SIGABRT;
    return {false, std::string("the process died: ") + strsignal(WTERMSIG(status)) +
                       (aborted ? ", as it does when an exception leaves the engine" : "") + words};
  }
  if (WEXITSTATUS(status) != 0)
    return {false,
            "the process ended with code " + number(static_cast<int64_t>(WEXITSTATUS(status))) + words};
  if (answer.empty()) return {false, "the process ended in the middle of a call" + words};
  if (answer[0] == '-') return {false, answer.substr(1)};
  if (!printed.empty())
    return {false, "it printed, where a guest says nothing (host->note and host->warn are for that): " +
                       essence(printed)};
  return {true, answer.substr(1)};
}

}  // namespace

Apart apart(const std::function<std::string()>& work, int seconds) {
  Pipe result, said;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot start a process");
  if (child == 0) live(work, result.write_end, said.write_end);
  Pipe::close_end(result.write_end);
  Pipe::close_end(said.write_end);
  std::string answer, printed;
  const bool in_time = listen(result, said, answer, printed, seconds);
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  stop_if_interrupted();
  if (!in_time)
    return {false, "it did not come back within " + number(static_cast<int64_t>(seconds)) + " seconds"};
  return judge(answer, printed, status);
}

}  // namespace interplay::cli
