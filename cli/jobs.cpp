#include "cli/jobs.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <thread>

namespace mp3conv::cli {
namespace {

constexpr int most_jobs = 64;
constexpr size_t most_waiting = 8; // past their turn: each holds a connection open

class Run {
public:
    Run(const Globals &globals, const std::vector<std::string> &inputs, int jobs, Batch &batch,
        const Job &job) :
        globals_{globals},
        inputs_{inputs},
        lane_{jobs},
        batch_{batch},
        job_{job},
        threads_{std::min(inputs.size(), static_cast<size_t>(jobs) + most_waiting)} {}

    void run() {
        {
            std::vector<std::jthread> helpers; // the caller's thread is one of them
            for (size_t i = 1; i < threads_; ++i) helpers.emplace_back([this] { work(); });
            work();
        }
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void work() noexcept {
        try {
            Session session{globals_};
            while (true) {
                Turn turn{lane_};
                const std::string *input = next();
                if (input == nullptr) return;
                batch_.attempt(*input, [&] { job_(session, *input, turn); });
            }
        } catch (...) {
            const std::lock_guard lock{mutex_};
            if (!failure_) failure_ = std::current_exception();
        }
    }

    /// @return nullptr when no other input is to be begun.
    const std::string *next() {
        const std::lock_guard lock{mutex_};
        return failure_ || next_ == inputs_.size() ? nullptr : &inputs_[next_++];
    }

    const Globals &globals_;
    const std::vector<std::string> &inputs_;
    Lane lane_;
    Batch &batch_;
    const Job &job_;
    const size_t threads_;
    std::mutex mutex_; ///< guards what follows
    size_t next_ = 0;
    std::exception_ptr failure_;
};

} // namespace

void add_jobs(CLI::App &command, int &jobs) {
    command.add_option("--jobs", jobs, "how many files to send and to fetch at a time")
        ->capture_default_str()
        ->check(CLI::Range(1, most_jobs))
        ->type_name("N");
}

void run_jobs(const Globals &globals, const std::vector<std::string> &inputs, int jobs,
              Batch &batch, const Job &job) {
    Run{globals, inputs, jobs, batch, job}.run();
}

} // namespace mp3conv::cli
