#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What mixing costs, ours beside FFmpeg's filter_complex in the same run: the same raw pictures from the same files, the
same boxes, the same x264 options. Rounds alternate and the median of each counts; a figure is CPU time, user and system,
of the whole process, less that of only reading the same input.

  mix.py PLUGIN-FOLDER        prints one line of JSON per figure
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 9
FRAMES = 240
WIDTH, HEIGHT, RATE = 1280, 720, 30
X264 = {"speed-preset": "veryfast", "bitrate": 4500, "keyframes": 60, "threads": 2}

# Boxes on 1920 × 1080: x, y, width, height. What gr_layout_arrange() would give a spotlight of four is close to the second.
SCENES = {
    "2x2": [(0, 0, 960, 540), (960, 0, 960, 540), (0, 540, 960, 540), (960, 540, 960, 540)],
    "spotlight+3": [(342, 36, 1236, 694), (198, 770, 484, 272), (718, 770, 484, 272), (1238, 770, 484, 272)],
}
TARGETS = {"mix": 0.6, "mix and x264": 0.9}


def make_inputs(folder):
    """Four raw files of moving shapes."""
    files = []
    for number in range(4):
        path = os.path.join(folder, f"{number}.yuv")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE},hue=h={90 * number}", "-frames:v", str(FRAMES),
                        "-pix_fmt", "yuv420p", "-f", "rawvideo", "-y", path], check=True)
        files.append(path)
    return files


def read_by_ffmpeg(files):
    line = ["ffmpeg", "-v", "error", "-nostdin"]
    for path in files:
        line += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", path]
    return line


def ffmpeg(files, boxes, encode):
    line = read_by_ffmpeg(files)
    scaled = "".join(f"[{i}:v]scale={w}:{h}:flags=bilinear[s{i}];" for i, (_, _, w, h) in enumerate(boxes))
    places = "|".join(f"{x}_{y}" for x, y, _, _ in boxes)
    # Its cheapest way to put pictures side by side; a canvas is needed only where they do not fill it.
    if sum(w * h for _, _, w, h in boxes) == 1920 * 1080:
        graph = scaled + "".join(f"[s{i}]" for i in range(len(boxes))) + f"xstack=inputs={len(boxes)}:layout={places}[o]"
    else:
        graph = f"color=0x101614:size=1920x1080:rate={RATE},format=yuv420p[c];" + scaled
        for i, (x, y, _, _) in enumerate(boxes):
            below = "c" if i == 0 else f"o{i - 1}"
            name = "o" if i == len(boxes) - 1 else f"o{i}"
            graph += f"[{below}][s{i}]overlay={x}:{y}:shortest=1[{name}]" + ("" if name == "o" else ";")
    line += ["-filter_complex", graph, "-map", "[o]", "-frames:v", str(FRAMES)]
    if encode:
        line += ["-c:v", "libx264", "-preset", X264["speed-preset"], "-tune", "zerolatency", "-b:v", f"{X264['bitrate']}k",
                 "-maxrate", f"{X264['bitrate']}k", "-bufsize", f"{X264['bitrate'] * 6 // 10}k",  # x264enc's default, 600 ms
                 "-g", str(X264["keyframes"]), "-bf", "0", "-threads", str(X264["threads"])]
    else:
        line += ["-c:v", "wrapped_avframe"]
    return line + ["-f", "null", "-"]


def source(path):
    return ["filesrc", f"location={path}", f"blocksize={WIDTH * HEIGHT * 3 // 2}", "!", "rawvideoparse", "format=i420",
            f"width={WIDTH}", f"height={HEIGHT}", f"framerate={RATE}/1"]


def greenroom(files, boxes, encode):
    line = ["gst-launch-1.0", "-q", "layoutmix", "name=m", "live=false", "fade=0"]
    for i, (x, y, w, h) in enumerate(boxes):
        line += [f"sink_{i}::xpos={x}", f"sink_{i}::ypos={y}", f"sink_{i}::width={w}", f"sink_{i}::height={h}"]
    line += ["!", f"video/x-raw,width=1920,height=1080,framerate={RATE}/1"]
    if encode:
        line += ["!", "x264enc", f"speed-preset={X264['speed-preset']}", "tune=zerolatency", "sliced-threads=true",
                 f"bitrate={X264['bitrate']}", f"key-int-max={X264['keyframes']}", "bframes=0", f"threads={X264['threads']}"]
    line += ["!", "fakesink", "sync=false"]
    for i, path in enumerate(files):
        line += source(path) + ["!", "queue", "max-size-buffers=4", "!", f"m.sink_{i}"]
    return line


def reading(tool, files):
    """The cost of the inputs alone."""
    if tool is ffmpeg:
        line = read_by_ffmpeg(files)
        for i in range(len(files)):
            line += ["-map", f"{i}:v"]
        return line + ["-c:v", "wrapped_avframe", "-f", "null", "-"]
    line = ["gst-launch-1.0", "-q"]
    for path in files:
        line += source(path) + ["!", "queue", "max-size-buffers=4", "!", "fakesink", "sync=false"]
    return line


def cpu_of(line):
    """Seconds of CPU of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(scene, boxes, files, encode, idle):
    costs = {ffmpeg: [], greenroom: []}
    for _ in range(ROUNDS):
        for tool, figures in costs.items():
            figures.append(cpu_of(tool(files, boxes, encode)))
    ours, theirs = statistics.median(costs[greenroom]), statistics.median(costs[ffmpeg])
    name = "mix and x264" if encode else "mix"
    per_frame = 1000 / FRAMES
    pairs = [own / other for own, other in zip(costs[greenroom], costs[ffmpeg])]
    print(json.dumps({"bench": "mix", "scene": scene, "what": name,
                      "greenroom_ms": round(ours * per_frame, 3), "ffmpeg_ms": round(theirs * per_frame, 3),
                      "ratio": round(ours / theirs, 2), "target": TARGETS[name],
                      "rounds_from_to": [round(min(pairs), 2), round(max(pairs), 2)],
                      "ratio_without_reading": round((ours - idle[greenroom]) / (theirs - idle[ffmpeg]), 2)}), flush=True)


def main():
    os.environ["GST_PLUGIN_PATH"] = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="greenroom-mix-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        files = make_inputs(folder)
        idle = {tool: statistics.median(cpu_of(reading(tool, files)) for _ in range(3)) for tool in (ffmpeg, greenroom)}
        for encode in (False, True):
            for scene, boxes in SCENES.items():
                measure(scene, boxes, files, encode, idle)


if __name__ == "__main__":
    main()
