#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

#include "cli/batch.hpp"
#include "cli/session.hpp"

namespace mp3conv::cli {

/// So many threads may be in it at a time. Held through a Turn.
class Lane {
public:
    explicit Lane(int width) : free_{width} {}

    void lock() { free_.acquire(); }
    void unlock() { free_.release(); }

private:
    std::counting_semaphore<> free_;
};

using Turn = std::unique_lock<Lane>;

/// Offers --jobs.
void add_jobs(CLI::App &command, int &jobs);

/// What is done with one input. The turn may be given up, so that the next input begins while the
/// server works on this one.
using Job = std::function<void(Session &session, const std::string &input, Turn &turn)>;

/// Does it with each input, begun in their order, `jobs` of them having their turn at a time; how
/// each ends is the batch's.
/// @throws Error that concerns all of them, once nothing is under way any more.
void run_jobs(const Globals &globals, const std::vector<std::string> &inputs, int jobs,
              Batch &batch, const Job &job);

} // namespace mp3conv::cli
