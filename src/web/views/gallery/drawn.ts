/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stand-ins for cameras and screens: drawn on a canvas, as real streams. */

interface Look {
  wall: [string, string]
  skin: string
  hair: string
  shirt: string
}

const looks: Look[] = [
  { wall: ['#4b5f57', '#33433d'], skin: '#efc4a4', hair: '#5a3226', shirt: '#2f6f5a' },
  { wall: ['#3a3d46', '#23252b'], skin: '#ecbb98', hair: '#9a6238', shirt: '#2d2f33' },
  { wall: ['#b9c4c1', '#93a29e'], skin: '#f3cfb0', hair: '#15171c', shirt: '#414f78' },
  { wall: ['#6d5560', '#8d7568'], skin: '#b9814f', hair: '#231a18', shirt: '#c25b4c' },
  { wall: ['#5b5350', '#3c3735'], skin: '#6d4a37', hair: '#191312', shirt: '#c9c3b8' },
]

function paint(width: number, height: number, draw: (context: CanvasRenderingContext2D) => void): MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')!
  const repeat = () => draw(context)
  repeat()
  setInterval(repeat, 200)
  return canvas.captureStream(5)
}

function ellipse(context: CanvasRenderingContext2D, colour: string, x: number, y: number, rx: number, ry: number) {
  context.fillStyle = colour
  context.beginPath()
  context.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2)
  context.fill()
}

export function person(number: number): MediaStream {
  const { wall, skin, hair, shirt } = looks[number % looks.length]!
  return paint(640, 360, (context) => {
    const ground = context.createLinearGradient(0, 0, 640, 360)
    ground.addColorStop(0, wall[0])
    ground.addColorStop(1, wall[1])
    context.fillStyle = ground
    context.fillRect(0, 0, 640, 360)
    ellipse(context, hair, 320, 150, 78, 92)
    ellipse(context, shirt, 320, 400, 150, 135)
    context.fillStyle = skin
    context.fillRect(296, 215, 48, 60)
    ellipse(context, skin, 320, 165, 62, 78)
    ellipse(context, '#1b1512', 298, 155, 5, 6)
    ellipse(context, '#1b1512', 342, 155, 5, 6)
  })
}

export function screen(): MediaStream {
  return paint(1280, 720, (context) => {
    context.fillStyle = '#14191a'
    context.fillRect(0, 0, 1280, 720)
    context.fillStyle = '#1b2321'
    context.fillRect(0, 0, 220, 720)
    context.font = '18px monospace'
    for (let line = 0; line < 26; line++) {
      context.fillStyle = '#5f6f69'
      context.fillText(String(214 + line), 240, 40 + line * 26)
      context.fillStyle = line % 4 === 0 ? '#c58af0' : '#cfe0d8'
      context.fillText('gst_layout_mix_place (mix, scene, boxes);'.slice(0, 12 + ((line * 7) % 30)), 300, 40 + line * 26)
    }
  })
}
