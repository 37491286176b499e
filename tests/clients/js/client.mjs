// Drives the service with the AI SDK and prints one JSON object of what came back.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const { URL: base, KEY: key, MODEL: model } = process.env;
const provider = createOpenAICompatible({ name: 'mingbai', baseURL: base, apiKey: key, includeUsage: true, supportsStructuredOutputs: true });
const chat = provider(model);

const whole = await generateText({ model: chat, prompt: '你好，请用一句话介绍你自己', maxOutputTokens: 40 });
const stream = streamText({ model: chat, prompt: '你好，请用一句话介绍你自己', maxOutputTokens: 40 });
const pieces = [];
for await (const piece of stream.textStream) pieces.push(piece);
const person = await generateObject({
  model: chat, temperature: 0, prompt: '李雷今年二十岁。给出他的姓名和年龄。',
  schema: z.object({ name: z.string(), age: z.number().int() }),
});
const asked = [];
const called = await generateText({
  model: chat, temperature: 0, prompt: '订单 MB20251103-0042 到哪了？', stopWhen: stepCountIs(2),
  prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'none' }),
  tools: {
    find_order: tool({
      description: '按订单号查询订单的物流状态', inputSchema: z.object({ order_no: z.string() }),
      execute: async ({ order_no }) => { asked.push(order_no); return { state: '运输中', city: '杭州' }; },
    }),
  },
});
let refused = null;
try {
  await generateText({ model: provider('gpt-4o'), prompt: 'x', maxRetries: 0 });
} catch (error) {
  refused = { status: error.statusCode, code: JSON.parse(error.responseBody).error.code };
}
console.log(JSON.stringify({
  whole: whole.text, pieces: pieces.length, streamed: pieces.join(''), usage: await stream.usage,
  person: person.object, asked, told: called.text, refused,
}));
