#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "counters.h"
#include "datagram_batch.h"
#include "hearings.h"
#include "messages.h"
#include "send_wheel.h"
#include "session.h"
#include "spsc_queue.h"

namespace offhook {

enum class Scheduling : std::uint8_t { fifo, nice, other };

/// The thread that moves every packet: a tick of 5 ms on absolute deadlines, and sessions spread evenly over the ticks of their
/// packet time. After start it allocates nothing, takes no lock and writes no log.
class MediaThread final : public EventSink {
 public:
  static constexpr MonotonicNs kTickNs = 5 * kNsPerMs;
  static constexpr std::uint32_t kTickMs = 5;
  /// What time alone brings about is looked at once per frame of 20 ms.
  static constexpr std::uint64_t kTicksPerFrame = 4;
  /// Ticks made up for after a delay; a longer one is skipped, as what is that late is of no use to anyone.
  static constexpr std::uint64_t kMostCatchUpTicks = 5;

  struct Figures {
    Counter ticks;
    Counter ticks_skipped;
    Counter wake_ups;
    Counter events_lost;
    Counter digits_lost;
    Counter monitored_samples_lost;  ///< of either side, that nobody read in time
    Counter tick_lateness_max_ns;
  };

  /// `wake` is called on this thread at most once per tick, and not again until `rearm_wake`.
  MediaThread(std::uint32_t capacity, std::function<void()> wake);
  ~MediaThread();

  // Control thread.
  /// Waits for room when the thread has not yet come round to what was asked before.
  void command(const Command& command) noexcept;
  [[nodiscard]] bool next_event(Event& event) noexcept { return events_.pop(event); }
  void rearm_wake() noexcept { wake_pending_.store(false, std::memory_order_seq_cst); }
  [[nodiscard]] Scheduling scheduling() const noexcept { return scheduling_; }
  [[nodiscard]] const Figures& figures() const noexcept { return figures_; }
  /// For the monitors of sessions: the media thread counts.
  [[nodiscard]] Counter& monitored_samples_lost() noexcept { return figures_.monitored_samples_lost; }
  /// Ends the thread; afterwards the caller may touch everything.
  void stop();

  void emit(const Event& event) noexcept override;

 private:
  void run() noexcept;
  void tick(std::uint64_t number, MonotonicNs deadline) noexcept;
  void run_commands(MonotonicNs deadline) noexcept;
  void run_command(const Command& command, MonotonicNs deadline) noexcept;
  void record(Session& session, WavRecorder::Recording* recording, MonotonicNs deadline) noexcept;
  static Event event_of(const Session& session, Event::Type type) noexcept;
  /// Each hears the other until one of them gets another source, or is detached.
  void bridge(Session& one, Session& other) noexcept;
  void unbridge(Session& session) noexcept;
  static void monitor(Session& session, bool on) noexcept;
  void attach(Session& session) noexcept;
  void configure(Session& session, SessionConfig* config) noexcept;
  void detach(Session& session) noexcept;
  void retry_detached() noexcept;
  void receive() noexcept;
  void drain(Session& session, MonotonicNs now) noexcept;

  const std::function<void()> wake_;
  SpscQueue<Command> commands_;
  SpscQueue<Event> events_;
  Figures figures_;
  std::atomic<bool> wake_pending_{false};
  std::atomic<bool> stopping_{false};
  Scheduling scheduling_{Scheduling::other};

  // Media thread.
  bool emitted_{false};
  int epoll_fd_;
  std::vector<std::vector<Session*>> phases_;
  SendWheel<Session> wheel_;
  Hearings hearings_;
  std::vector<Session*> carry_over_;
  std::vector<Event> undelivered_;  ///< events whose loss would leak; kept while the ring is full
  DatagramBatch batch_;
  std::thread thread_;
};

}  // namespace offhook
