{
  "variables": {
    # Through the package's own resolution: node_modules may be a link.
    "napi_include%": "<!(node -p \"require('node-addon-api').include_dir\")",
    "opus_package%": "<!(node -p \"require('path').dirname(require.resolve('@discordjs/opus/package.json'))\")",
    "opus_gyp%": "<!(node -p \"const p=require('path');p.relative(process.cwd(),p.join(p.dirname(require.resolve('@discordjs/opus/package.json')),'deps/binding.gyp'))\")"
  },
  "targets": [
    {
      "target_name": "offhook",
      "sources": [
        "binding/addon.cc",
        "binding/convert.cc",
        "binding/dtmf_object.cc",
        "binding/echo_object.cc",
        "binding/engine_mixing.cc",
        "binding/engine_object.cc",
        "binding/silero_object.cc",
        "binding/sound_object.cc",
        "src/dsp/dtmf_detector.cc",
        "src/dsp/echo_canceller.cc",
        "src/dsp/echo_filter.cc",
        "src/dsp/echo_gate.cc",
        "src/dsp/echo_reference.cc",
        "src/dsp/echo_search.cc",
        "src/dsp/g722.cc",
        "src/dsp/opus_codec.cc",
        "src/dsp/real_fft.cc",
        "src/dsp/resampler.cc",
        "src/dsp/tone_tracker.cc",
        "src/engine/datagram_batch.cc",
        "src/engine/hearings.cc",
        "src/engine/jitter_buffer.cc",
        "src/engine/line_codec.cc",
        "src/engine/media_engine.cc",
        "src/engine/media_thread.cc",
        "src/engine/playout_queue.cc",
        "src/engine/playout_writer.cc",
        "src/engine/receiver.cc",
        "src/engine/sender.cc",
        "src/engine/session.cc",
        "src/engine/udp_pair.cc",
        "src/rtp/srtcp.cc",
        "src/rtp/srtp.cc",
        "src/rtp/srtp_cipher.cc",
        "src/record/plain_file.cc",
        "src/record/sealed_file.cc",
        "src/record/wav_file.cc",
        "src/record/wav_recorder.cc",
        "src/vad/silero_avx2.cc",
        "src/vad/silero_avx512.cc",
        "src/vad/silero_network.cc"
      ],
      "dependencies": ["<(opus_gyp):libopus"],
      "include_dirs": ["src", "<(napi_include)", "<(opus_package)/deps/opus/include"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS"],
      "cflags!": ["-O2", "-O3"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-O3", "-fexceptions", "-Wall", "-Wextra", "-Wconversion", "-fvisibility=hidden"]
    }
  ]
}
