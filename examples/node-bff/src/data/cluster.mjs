// A small cluster and what is sold on it, as `placement` takes them.

const worker = (name, cpu, memory, more = {}, node = {}) => ({
  name,
  resources: { cpu, memory, ...more },
  slots: 110,
  ...node,
});

const use = (id, node, cpu, memory, more = []) => ({
  id,
  node,
  parts: [{ resource: 'cpu', amount: cpu }, { resource: 'memory', amount: memory }, ...more],
});

const cards = (model, amount) => [{ resource: `gpu[${model}]`, amount }];

export const INVENTORY = {
  nodes: [
    { ...worker('control-1', '4', '15Gi'), role: 'control' },
    worker('cpu-1', '16', '62Gi'),
    worker('cpu-2', '16', '62Gi'),
    worker('cpu-3', '32', '125Gi', {}, { cordoned: true }),
    worker('gpu-t4-1', '48', '188Gi', { 'gpu[T4]': '4' }),
    worker('gpu-t4-2', '48', '188Gi', { 'gpu[T4]': '4' }),
    worker('gpu-a100-1', '96', '1007Gi', { 'gpu[A100-80G]': '8' }),
    worker('gpu-a100-2', '96', '1007Gi', { 'gpu[A100-80G]': '8' }, { taints: [physicsOnly()] }),
    worker('gpu-5090-1', '64', '251Gi', { 'gpu[RTX5090]': '8' }, { ready: false }),
  ],
  running: [
    use('service-1', 'cpu-1', '14400m', '56Gi'),
    use('service-2', 'cpu-2', '13', '52Gi'),
    use('train-1', 'gpu-t4-1', '24', '96Gi', cards('T4', '3')),
    use('train-2', 'gpu-t4-2', '40', '160Gi', cards('T4', '3')),
    use('train-3', 'gpu-a100-1', '80', '704Gi', cards('A100-80G', '7')),
    use('train-4', 'gpu-a100-2', '32', '256Gi', cards('A100-80G', '4')),
  ],
};

const product = (id, en, zh, cpu, memoryGib, gpu = []) => {
  const [model, count] = gpu;
  const memory = { resource: 'memory', amount: `${memoryGib}Gi` };
  return {
    id,
    name: { en, zh },
    parts: [{ resource: 'cpu', amount: cpu }, memory, ...(model ? cards(model, count) : [])],
    spec: { cpu: `${cpu} core`, ram: `${memoryGib} GiB`, ...(model ? { [`gpu[${model}]`]: `${count} card` } : {}) },
  };
};

export const PRODUCTS = [
  product('cpu-1c2g', '1 core, 2 GiB', '1 核 2 GiB', '1', '2'),
  product('cpu-2c4g', '2 cores, 4 GiB', '2 核 4 GiB', '2', '4'),
  product('cpu-8c32g', '8 cores, 32 GiB', '8 核 32 GiB', '8', '32'),
  product('cpu-32c128g', '32 cores, 128 GiB', '32 核 128 GiB', '32', '128'),
  product('t4-8c32g', 'One T4, 8 cores', '单卡 T4，8 核', '8', '32', ['T4', '1']),
  product('t4-16c64g-2', 'Two T4, 16 cores', '双卡 T4，16 核', '16', '64', ['T4', '2']),
  product('a100-12c120g', 'One A100, 12 cores', '单卡 A100，12 核', '12', '120', ['A100-80G', '1']),
  product('a100-48c480g-4', 'Four A100, 48 cores', '四卡 A100，48 核', '48', '480', ['A100-80G', '4']),
];

function physicsOnly() {
  return { key: 'dedicated', value: 'physics', effect: 'NoSchedule' };
}
